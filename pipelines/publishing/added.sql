-- What these figures were made of makes room for the next: unprotected figures, numbered cells, what the audit made of them.
drop view temp.added_series;
drop view temp.series;
drop view temp.keyed_series;
drop view temp.varying;
drop view temp.shown;
drop view temp.keyed_shown;
drop table temp.gated;
drop table if exists temp.numbered_cells;
drop table if exists temp.cells_above;
drop view if exists temp.audited;
drop table if exists temp.audited_rows;
drop table if exists temp.audited_cells;
drop table if exists temp.said;
drop table if exists temp.audited_figures;
