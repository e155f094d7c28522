// What a draft may say besides the names of feeds and columns. Everything here ends soon on the rows that it is given: no
// text that grows by a number, no list that is made of a number, nothing that looks outside the query.

const words = (text: string) => new Set(text.trim().split(/\s+/));

/** Functions over many rows. */
export const aggregates = words(`
  sum count count_star count_if min max avg mean median mode first last any_value arg_min arg_max min_by max_by
  bool_and bool_or list`);

/** Functions that have a value only beside other rows; aggregates may stand there too. */
export const windows = words("row_number rank dense_rank lag lead first_value last_value");

/** Functions and signs over the values of one row. */
export const scalars = words(`
  + - * / // % abs sign round floor ceil ceiling trunc greatest least nullif ifnull
  date_trunc date_part datepart date_diff datediff last_day make_date year quarter month week day isodow dayofweek isoyear
  to_days to_weeks to_months to_quarters to_years
  lower upper trim ltrim rtrim left right substring substr length len starts_with ends_with prefix suffix contains split_part
  concat concat_ws || ~~ !~~ ~~* !~~* hash
  list_contains list_has list_has_any list_has_all list_distinct list_sort list_value flatten unnest row range generate_series`);

/** Types that values may be turned into, and lists of them. */
export const castTypes = words(
  "BOOLEAN TINYINT SMALLINT INTEGER BIGINT HUGEINT UBIGINT FLOAT DOUBLE DECIMAL VARCHAR DATE TIMESTAMP INTERVAL",
);
