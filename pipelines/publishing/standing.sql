-- What a snapshot that begins as a copy of the one before keeps of it: what is said of indicators that are not computed anew, and their
-- figures; of those that are the figures go as they are computed (series-table.sql). Needs `kept` and `definitions`.
delete from snapshot.series where indicator_id not in (select indicator_id from definitions);
delete from snapshot.outcomes where indicator_id not in (select indicator_id from kept);
delete from snapshot.limits where indicator_id not in (select indicator_id from kept);
delete from snapshot.signals where indicator_id not in (select indicator_id from kept);
delete from snapshot.looked_at where indicator_id not in (select indicator_id from kept);
