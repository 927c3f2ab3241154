"""What is used of apprise, imported in silence: its e-mail looks for ``imghdr``, of which Python 3.11 and 3.12 warn."""

import warnings

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message="'imghdr' is deprecated", category=DeprecationWarning)
    import apprise.plugins.email.smtp as email_smtp
    import apprise.plugins.ntfy as ntfy_plugin
    import apprise.plugins.telegram as telegram_plugin
    import apprise.plugins.zalo as zalo_plugin
    from apprise import Apprise, AppriseAsset, NotifyFormat
    from apprise.plugins.base import NotifyBase
    from apprise.plugins.email.base import NotifyEmail

__all__ = [
    "Apprise",
    "AppriseAsset",
    "NotifyBase",
    "NotifyEmail",
    "NotifyFormat",
    "email_smtp",
    "ntfy_plugin",
    "telegram_plugin",
    "zalo_plugin",
]
