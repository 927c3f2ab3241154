"""The station's side of the wire: agendas out, receipts in."""
