-- What figures were made of is not needed once they stand in `gated`: memory that the gate and the snapshot would have to share with it.
drop view temp.judged;
drop view temp.reasoned;
drop view temp.figures;
drop table temp.aims;
drop view temp.figure_spans;
drop table temp.numbered_spans;
drop table temp.monthly;
drop table temp.wholes;
drop table temp.span_sums;
drop table temp.baseline_spans;
drop table temp.baseline_sums;
drop table if exists temp.runs;
drop table if exists temp.run_months;
drop table if exists temp.run_sums;
drop table if exists temp.ranked_cases;
drop table temp.medians;
drop table if exists temp.duration_months;
