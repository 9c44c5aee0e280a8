SELECT gross FROM v -- 15.00
