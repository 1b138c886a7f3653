"""The official workbook: the LKE read in any shape people have it, filled, exported, audited."""
