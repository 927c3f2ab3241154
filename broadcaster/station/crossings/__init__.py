"""What happens when a gauge crosses a limit: people are told, an order is prepared, exercises sound."""
