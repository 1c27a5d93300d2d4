"""The public page and the chat widget: static, the same for everyone, and free of personal data.

Anyone may fetch it. It knows no room; the widget meets the house only through the public chat API.
"""
