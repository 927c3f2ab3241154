"""The optional microphone: did sound really come out?"""
