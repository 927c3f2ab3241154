"""What every answer and every form carries so that nobody else can speak for a person."""
