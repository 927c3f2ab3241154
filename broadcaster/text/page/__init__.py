"""From the written text to the spoken one: cleaning, the cursor, sentences, the commune's dictionary, doubts."""
