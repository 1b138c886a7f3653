"""How far unit and TPI agree, and what calibration of evaluators shows."""
