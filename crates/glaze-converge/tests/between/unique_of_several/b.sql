CREATE TABLE slugs (id integer PRIMARY KEY, site integer NOT NULL, slug varchar(80) NOT NULL, CONSTRAINT slugs_site_slug UNIQUE (site, slug));
