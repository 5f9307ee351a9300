"""What people see. Everything here is made from records and the spec, never from a backend."""
