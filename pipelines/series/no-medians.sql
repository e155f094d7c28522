-- Before they are worked out, or where nothing is a duration: none. No rule of the gate looks at a median.
create or replace temp table medians (span_no integer, slot integer, median double, lower double, upper double);
