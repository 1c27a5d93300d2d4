"""Who the fake takes us for."""

ACCOUNT = "AC" + "1" * 32
TOKEN = "a" * 32
NUMBER = "+8675712345678"
