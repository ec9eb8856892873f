"""ComponentResources that build a planned fleet. One module per component; a cloud's SDK only in that cloud's modules."""
