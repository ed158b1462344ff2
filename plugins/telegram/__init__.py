"""The Telegram door: a bot that takes reports and tells of them."""
