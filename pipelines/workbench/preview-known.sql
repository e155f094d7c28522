-- How many figures there are at most, and what must be made of them to say how many there are, and are withheld: nothing (`spans`:
-- what is there tells it, and none can be withheld), what those add up to that may be small (`small`: by breakdown, below units, of cases
-- of citizens), or all (`figures`). Needs `figure_spans`, `slots`, `cells`, `computed`, `indicators`.
with versions as (
  select sensitive and is_broken_down as of_small,
    kind in ('score', 'cumulative', 'change') or is_protected or (stock and (has_spells or (sensitive and is_broken_down))) or is_apart as of_all
  from (
    select computed.*, indicators.sensitive, indicators.protected as is_protected,
      computed_id in (select computed_id from slots where slot > 0) as is_broken_down,
      computed_id in (select computed_id from cells where withheld or whole) as is_apart
    from computed join indicators using (indicator_id)
  )
)
select coalesce(sum(if(broken_down, own.slots, 1)), 0)::double as n,
  (select case when bool_or(of_all) then 'figures' when bool_or(of_small) then 'small' else 'spans' end from versions) as told_by
from figure_spans
join (select computed_id, count(*) as slots from slots group by computed_id) as own using (computed_id)
