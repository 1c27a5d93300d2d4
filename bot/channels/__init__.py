"""The bot's edge towards the service: the input channel, its memory, and measured adaptations of the Rasa server."""
