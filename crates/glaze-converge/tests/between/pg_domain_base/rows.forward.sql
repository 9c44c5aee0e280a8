SELECT v.code, codes FROM v, t -- a|{b}
