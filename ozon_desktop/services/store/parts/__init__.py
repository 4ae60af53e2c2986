"""Parts of the use cases beside this folder; nobody else imports them."""
