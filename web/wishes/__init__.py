"""When an announcement shall be broadcast: chosen while sending for approval, shown to the approver."""
