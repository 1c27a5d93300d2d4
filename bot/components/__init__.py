"""Rasa's graph components of this bot: thin shells around `bot.text` and one small linear model.

Order in the pipeline: `ValueExtractor` (what was said in values), `IntentModel` (what is wanted), `SafetyGuard`
(danger outranks both), `ValueFilter` (what is no value after all). None of them needs TensorFlow, and scikit-learn is
needed for training only.
"""
