"""Pictures and documents as bytes: judged, developed, compared and pixelated. No database in here."""
