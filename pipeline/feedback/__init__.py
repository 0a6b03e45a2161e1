"""What the units are told: the report in their own folder and the mail to their address."""
