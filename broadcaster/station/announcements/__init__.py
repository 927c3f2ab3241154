"""What officers write and approvers release."""
