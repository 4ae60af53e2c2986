"""«Уведомления»: letters to the owner."""
