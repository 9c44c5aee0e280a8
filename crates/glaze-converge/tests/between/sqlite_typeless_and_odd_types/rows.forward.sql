SELECT typeof(a), b, c, d FROM t -- blob|5|1.5|x
