-- The programme's actions as they were delivered last, each with when that was: where the server's tracker begins. An owner is a
-- function, so nothing here is about a person. The id is the feed's, hashed; it begins with a letter, so that no spreadsheet takes it
-- for a number.

create table snapshot.actions as
select 'a' || lower(to_hex(actions.action_id)) as action_id, number, kind, focus, title, actions.unit_id, owner, mandatory, starts_on, due_on,
  status, "year"::integer as "year", budget, committed, spent, forecast, funding, cost_code, condition, note,
  loads.finished_at as delivered_at
from actions
left join loads on loads.load_id = actions.load_id
order by unit_id, action_id_order, action_id;
