import { describe, expect, it } from "vitest";
import type { Definition } from "../../pipelines/indicators/definition.ts";
import type { Figure, FigureTarget } from "../../pipelines/series/figure.ts";
import { sentenceIn } from "../../pipelines/series/sentence.ts";
import { definitions } from "../support/figures.ts";

type Said = Parameters<typeof sentenceIn> extends [unknown, ...infer Rest] ? Rest : never;
const sentenceOf = (...said: Said) => ({ nl: sentenceIn("nl", ...said), en: sentenceIn("en", ...said) });

const all = new Map((await definitions()).map((each) => [each.id, each]));
const definition = (id: string): Definition => all.get(id)!;

function row(fields: Partial<Figure> = {}): Figure {
  return {
    unit_id: "politie",
    grain: "year",
    period_start: "2017-01-01",
    period_end: "2017-12-31",
    breakdown: null,
    breakdown_value: null,
    value: null,
    numerator: null,
    denominator: null,
    target: null,
    pace: null,
    judgement: "no_target",
    complete: true,
    withheld: false,
    withheld_reason: null,
    restated: false,
    reference: false,
    ...fields,
  };
}

function target(fields: Partial<FigureTarget> = {}): FigureTarget {
  return {
    unit_id: "politie",
    goal: "streefcijfer",
    status: "decided",
    by: "paper",
    kind: "at_least",
    value: 0.25,
    tolerance: null,
    from: "2015-01-01",
    to: "2017-12-31",
    demo: false,
    ...fields,
  };
}

const of = (numerator: number, denominator: number) => ({ value: numerator / denominator, numerator, denominator });
const said = (id: string, fields: Partial<Figure>, goal: Partial<FigureTarget> | null = null) => {
  const held = goal && target(goal);
  return sentenceOf(row({ ...(held ? { target: held.value } : {}), ...fields }), definition(id), held);
};
const nl = (...args: Parameters<typeof said>) => said(...args).nl;
const en = (...args: Parameters<typeof said>) => said(...args).en;

const intake =
  "In 2017 had 22,4% van de instroom voor de uitvoering van de politietaak een dubbele culturele achtergrond (56 van 250).";

describe("sentenceIn(language, …): a figure against its target", () => {
  const missed = { ...of(56, 250), judgement: "missed_uncertain" };

  it("is the model sentence", () => {
    expect(nl("intake-dual", missed, {})).toBe(
      `${intake} Het streefcijfer is 25%. Het verschil is zo klein dat het op toeval kan berusten.`,
    );
    expect(en("intake-dual", missed, {})).toBe(
      "In 2017, 22.4% of the intake for the police task had a dual cultural background (56 of 250). The target figure is 25%. The difference is so small that it may be due to chance.",
    );
  });

  it.each([
    [
      { judgement: "missed" },
      "Het streefcijfer is 25%. Het streefcijfer is niet gehaald; het verschil is groter dan met toeval te verklaren is.",
    ],
    [
      { judgement: "reached" },
      "Het streefcijfer is 25%. Het streefcijfer is gehaald; het verschil is groter dan met toeval te verklaren is.",
    ],
    [
      { judgement: "reached_uncertain" },
      "Het streefcijfer is 25%. Het streefcijfer is gehaald, maar het verschil is zo klein dat het op toeval kan berusten.",
    ],
    [
      { judgement: "too_few" },
      "Het streefcijfer is 25%. Er zijn te weinig gevallen om te beoordelen of dat is gehaald.",
    ],
    [
      { judgement: "reached_uncertain", ...of(25, 100) },
      "Het streefcijfer is 25%. Het streefcijfer is precies gehaald.",
    ],
  ])("%j", (fields, wanted) => {
    expect(nl("intake-dual", { ...missed, ...fields }, {})).toMatch(
      new RegExp(`\\)\\. ${wanted.replace(/[.()]/g, "\\$&")}$`),
    );
  });

  it.each([
    [{ status: "proposed" }, "Het voorgestelde streefcijfer is 25%."],
    [{ status: "proposed", goal: "resultaat" }, "Het voorgestelde resultaat is 25%."],
    [{ goal: "resultaat" }, "Het beoogde resultaat is 25%."],
    [{ status: "proposed", goal: "afspraak" }, "De voorgestelde afspraak is 25%."],
    [{ goal: "doelstelling" }, "De doelstelling is 25%."],
    [{ status: "proposed", by: "ours" }, "Het streefcijfer is 25% (norm van de monitor, niet uit het programma)."],
    [{ status: "proposed", by: "ours", demo: true }, "Het streefcijfer is 25% (voorbeelddata)."],
    [{ kind: "at_most" }, "Het streefcijfer is hoogstens 25%."],
  ])("names the goal %j", (goal, wanted) => {
    expect(nl("intake-dual", missed, goal)).toContain(` ${wanted} `);
  });

  it("says landelijk of an inherited one", () => {
    const fields = { ...missed, unit_id: "den-haag" };
    expect(nl("intake-dual", fields, {})).toContain(" Het landelijke streefcijfer is 25%. ");
    expect(nl("intake-dual", fields, { status: "proposed" })).toContain(
      " Het voorgestelde landelijke streefcijfer is 25%. ",
    );
    expect(en("intake-dual", fields, { status: "proposed" })).toContain(
      " The proposed national target figure is 25%. ",
    );
    expect(en("intake-dual", fields, { goal: "resultaat" })).toContain(" The national intended result is 25%. ");
  });

  it("speaks of a margin where a target has one", () => {
    const within = { kind: "within", value: 0.5, tolerance: 0.05, unit_id: "politie" };
    const stated = "Het streefcijfer is 50%, met een marge van 5 procentpunt.";
    expect(nl("leaders-women", { ...of(240, 480), judgement: "reached" }, within)).toBe(
      `In 2017 was 50,0% van de benoemde leidinggevenden vrouw (240 van 480). ${stated} Het streefcijfer is gehaald, ook als het toeval wordt meegerekend.`,
    );
    expect(nl("leaders-women", { ...of(55, 100), judgement: "reached_uncertain" }, within)).toBe(
      `In 2017 was 55,0% van de benoemde leidinggevenden vrouw (55 van 100). ${stated} Het streefcijfer is gehaald, maar zo dicht bij de grens van de marge dat het op toeval kan berusten.`,
    );
    expect(nl("leaders-women", { ...of(30, 100), judgement: "missed" }, within)).toBe(
      `In 2017 was 30,0% van de benoemde leidinggevenden vrouw (30 van 100). ${stated} Het streefcijfer is niet gehaald; het verschil is groter dan met toeval te verklaren is.`,
    );
    expect(en("leaders-women", { ...of(30, 100), judgement: "missed" }, within)).toContain(
      " The target figure is 50%, give or take 5 percentage points. ",
    );
  });

  it("says how a running figure stands while its period goes on", () => {
    const running = { grain: "target", period_start: "2015-01-01", period_end: "2016-06-30", ...of(20, 200) };
    const goal = { value: 0.2, to: "2018-12-31" };
    expect(nl("leaders-dual", { ...running, judgement: "missed" }, goal)).toBe(
      "Van 1 januari 2015 tot en met 30 juni 2016 had 10,0% van de benoemde leidinggevenden een dubbele culturele achtergrond (20 van 200). Het streefcijfer is 20%. Het streefcijfer is tot nu toe niet gehaald; het verschil is groter dan met toeval te verklaren is.",
    );
    expect(en("leaders-dual", { ...running, judgement: "reached" }, goal)).toContain(
      "The target figure was reached so far;",
    );
    expect(nl("leaders-dual", { ...running, period_end: "2018-12-31", judgement: "missed" }, goal)).not.toContain(
      "tot nu toe",
    );
  });

  it("gives the pace of an aim that is not due, and judges it on its day", () => {
    const goal = {
      status: "proposed",
      kind: "within",
      value: 0.5,
      tolerance: 0.05,
      from: "2018-12-31",
      to: "2018-12-31",
      unit_id: "rotterdam",
    };
    const stock = { unit_id: "rotterdam", period_end: "2016-12-31", ...of(300, 1000) };
    expect(nl("staffing-women", { ...stock, pace: 0.3 + 0.2 / 3 }, goal)).toBe(
      "Op 31 december 2016 was 30,0% van de medewerkers vrouw (300 van 1.000). Het voorgestelde streefcijfer voor 31 december 2018 is 50%, met een marge van 5 procentpunt. Een recht pad daarheen komt op dit moment uit op 36,7%.",
    );
    expect(nl("staffing-women", stock, goal)).toMatch(/procentpunt\.$/);
    expect(en("staffing-women", { ...stock, pace: 0.35 }, goal)).toBe(
      "On 31 December 2016, 30.0% of the staff were women (300 of 1,000). The proposed target figure for 31 December 2018 is 50%, give or take 5 percentage points. A straight path there stands at 35.0% at this point.",
    );
    expect(
      nl("staffing-women", { ...stock, period_end: "2018-12-31", judgement: "missed", pace: 0.5 }, goal),
    ).not.toContain("recht pad");
  });

  it("has no chance in a number that is counted", () => {
    const goal = { goal: "resultaat", kind: "number", value: 24, from: "2015-07-01", to: "2016-06-30" };
    const count = { grain: "target", period_start: "2015-07-01", period_end: "2016-06-30", value: 24, numerator: 24 };
    expect(nl("complaints", { ...count, judgement: "reached" }, goal)).toContain(
      " Het beoogde resultaat is 24. Het beoogde resultaat is gehaald. ",
    );
    expect(nl("complaints", { ...count, value: 1, numerator: 1, judgement: "missed" }, goal)).toContain(
      " Het beoogde resultaat is niet gehaald. ",
    );
    expect(nl("complaints", { ...count, period_end: "2015-12-31", value: 10, judgement: "no_target" }, goal)).toContain(
      " Het beoogde resultaat voor 30 juni 2016 is 24. ",
    );
    const yearly = { ...goal, from: "2016-01-01", to: "2018-12-31" };
    expect(nl("complaints", { value: 10, judgement: "no_target" }, yearly)).toContain(" voor 31 december 2017 is 24. ");
  });

  it("says nothing of a target that has ended", () => {
    expect(nl("intake-dual", { ...of(56, 250), judgement: "no_target" })).toBe(intake);
  });
});

describe("sentenceIn(language, …): a target that is over", () => {
  const ended = (judgement: string, fields: Partial<FigureTarget> = {}) => {
    const figure = row({ ...of(56, 250), period_start: "2019-01-01", period_end: "2019-12-31" });
    return sentenceOf(figure, definition("intake-dual"), null, { target: target(fields), judgement });
  };
  const beginning = "In 2019 had 22,4% van de instroom voor de uitvoering van de politietaak";

  it.each([
    ["missed", "Het streefcijfer 2015-2017 (25%) is niet gehaald."],
    ["reached", "Het streefcijfer 2015-2017 (25%) is gehaald."],
    [
      "missed_uncertain",
      "Het streefcijfer 2015-2017 (25%) is niet gehaald, met een verschil dat zo klein is dat het op toeval kan berusten.",
    ],
    ["too_few", "Het streefcijfer 2015-2017 (25%) is niet beoordeeld: er waren te weinig gevallen."],
    ["withheld", "Het streefcijfer 2015-2017 (25%) is hier niet beoordeeld (te kleine aantallen)."],
    ["no_data", "Het streefcijfer 2015-2017 (25%) is niet beoordeeld: er waren geen gegevens."],
  ])("%s", (judgement, wanted) => {
    const { nl } = ended(judgement);
    expect(nl.startsWith(beginning)).toBe(true);
    expect(nl.endsWith(wanted)).toBe(true);
  });

  it("names its goal, whose it was, and its period or day", () => {
    expect(
      ended("missed", { unit_id: "rotterdam", status: "proposed", from: "2018-12-31", to: "2018-12-31" }).nl,
    ).toMatch(/ Het voorgestelde landelijke streefcijfer voor 31 december 2018 \(25%\) is niet gehaald\.$/);
    expect(ended("missed", { by: "ours", from: "2015-07-01", to: "2016-06-30" }).en).toMatch(
      / The target figure from 1 July 2015 to 30 June 2016 \(25%\) \(a norm of the monitor, not of the programme\) was not reached\.$/,
    );
    expect(ended("reached", { from: "2016-01-01", to: "2016-12-31" }).en).toContain(
      " The target figure 2016 (25%) was reached.",
    );
  });

  it("is not spoken of where another is in force, nor of a figure that is not shown", () => {
    const over = { target: target(), judgement: "missed" };
    const held = row({ ...of(56, 250), target: 0.3, judgement: "missed" });
    expect(sentenceOf(held, definition("intake-dual"), target({ value: 0.3 }), over).nl).not.toContain("2015-2017");
    const hidden = row({ withheld: true, withheld_reason: "threshold", judgement: "withheld" });
    expect(sentenceOf(hidden, definition("intake-dual"), null, over).nl).toBe(
      "In 2017: niet getoond (te kleine aantallen).",
    );
  });
});

describe("sentenceIn(language, …): the last five points", () => {
  const falling = {
    ...of(80, 250),
    grain: "half",
    period_start: "2017-01-01",
    period_end: "2017-06-30",
    trend: "decreasing",
  };

  it("says that a target was reached, but the figure falls", () => {
    expect(nl("intake-dual", { ...falling, judgement: "reached" }, {})).toMatch(
      / Het streefcijfer is gehaald; het verschil is groter dan met toeval te verklaren is\. Maar over de laatste vijf halfjaren daalt het\.$/,
    );
    expect(en("intake-dual", { ...falling, judgement: "reached_uncertain" }, {})).toMatch(
      / But over the last five half-years it falls\.$/,
    );
  });

  it("says where they go without a but where that is no setback, and nothing where they go nowhere", () => {
    expect(nl("intake-dual", { ...falling, judgement: "missed" }, {})).toMatch(
      / Over de laatste vijf halfjaren daalt het\.$/,
    );
    expect(nl("intake-dual", { ...falling, trend: "increasing", judgement: "reached" }, {})).toMatch(
      / Over de laatste vijf halfjaren stijgt het\.$/,
    );
    for (const trend of ["none", null])
      expect(nl("intake-dual", { ...falling, trend }, {})).not.toContain("de laatste vijf");
    expect(nl("intake-dual", { ...falling, grain: "r12" }, {})).not.toContain("de laatste vijf");
  });
});

describe("sentenceIn(language, …): those who are not known", () => {
  it("says what many of them could hide", () => {
    expect(nl("intake-dual", { ...of(56, 250), unknown: 30 })).toBe(
      `${intake} Van 30 is dit niet bekend of niet opgegeven; met hen erbij ligt het aandeel tussen 20,0% en 30,7%.`,
    );
    expect(en("intake-dual", { ...of(56, 250), unknown: 30 })).toMatch(
      / Of 30 this is not known or not stated; with them the share lies between 20\.0% and 30\.7%\.$/,
    );
  });

  it("says nothing of few, nor where their number is not shown", () => {
    for (const unknown of [0, 13, null]) expect(nl("intake-dual", { ...of(56, 250), unknown })).toBe(intake);
  });
});

describe("sentenceIn(language, …): states", () => {
  const ends: Record<string, string> = {
    month: "2017-12-01",
    quarter: "2017-10-01",
    half: "2017-07-01",
    year: "2017-01-01",
    r12: "2017-01-01",
    target: "2016-01-01",
  };
  const states = [...all.values()].filter(({ kind, stock }) => stock || kind === "coverage");
  const kinds: [string, Partial<Figure>][] = [
    ["a value", of(20, 40)],
    ["no data", {}],
    ["withheld", { withheld: true, withheld_reason: "threshold" }],
    ["a band", { withheld: true, withheld_reason: "band", band_side: "low", denominator: 40 }],
  ];

  it.each(states.map(({ id }) => id))("%s is of a day, at every grain", (id) => {
    for (const [grain, period_start] of Object.entries(ends))
      for (const [name, fields] of kinds) {
        const figure = { grain, period_start, ...fields };
        expect(nl(id, figure), `${grain}, ${name}`).toMatch(/^Op 31 december 2017\b/);
        expect(en(id, figure), `${grain}, ${name}`).toMatch(/^On 31 December 2017\b/);
        expect(nl(id, { ...figure, complete: false }), `${grain}, ${name}`).toMatch(
          /^Volgens de laatste stand vóór 31 december 2017\b/,
        );
      }
  });
});

describe("sentenceIn(language, …): what does not count yet", () => {
  const discussed =
    "In 2017 is 40,0% van de discriminatiezaken die toen 90 dagen oud werden, in het RDO besproken (4 van 10).";

  it("stands beside a share of what does, however few", () => {
    expect(nl("rdo-discussed", { ...of(4, 10), unknown: 3 })).toBe(
      `${discussed} Aan het einde van de periode waren 3 zaken nog geen 90 dagen oud; die tellen hier nog niet mee.`,
    );
    expect(nl("rdo-discussed", { ...of(4, 10), unknown: 1 })).toBe(
      `${discussed} Aan het einde van de periode was 1 zaak nog geen 90 dagen oud; die telt hier nog niet mee.`,
    );
    expect(en("rdo-discussed", { ...of(4, 10), unknown: 1 })).toMatch(
      / At the end of the period 1 case was not yet 90 days old; it does not count here yet\.$/,
    );
  });

  it("is also there where nothing counts yet, and not where there is none", () => {
    expect(nl("rdo-discussed", { numerator: 0, denominator: 0, unknown: 2 })).toMatch(
      /waren 2 zaken nog geen 90 dagen oud/,
    );
    for (const unknown of [0, null]) expect(nl("rdo-discussed", { ...of(4, 10), unknown })).toBe(discussed);
  });
});

describe("sentenceIn(language, …): other kinds", () => {
  const kind = (fields: Partial<Definition>, figure: Partial<Figure>, held: Partial<FigureTarget> | null = null) => {
    const words = { ...definition("complaints"), polarity: "up" as const, ...fields };
    const goal = held && target(held);
    return sentenceOf(row({ ...(goal ? { target: goal.value } : {}), ...figure }), words, goal).nl;
  };

  it("writes units that have it of those that should, and a target that is a number of them", () => {
    const teams = {
      kind: "coverage" as const,
      decimals: 0,
      sentence: { nl: "{period} had {numerator} van de {denominator} teams het ({value}).", en: "" },
    };
    expect(kind(teams, of(2, 3))).toBe("Op 31 december 2017 had 2 van de 3 teams het (67%).");
    expect(kind(teams, { ...of(2, 3), judgement: "reached" }, { goal: "resultaat", kind: "number", value: 2 })).toBe(
      "Op 31 december 2017 had 2 van de 3 teams het (67%). Het beoogde resultaat is 2. Het beoogde resultaat is gehaald.",
    );
    // All are counted: chance has no part in it.
    expect(kind(teams, { ...of(2, 3), judgement: "missed" }, { goal: "afspraak", value: 1 })).toBe(
      "Op 31 december 2017 had 2 van de 3 teams het (67%). De afspraak is 100%. De afspraak is niet gehaald.",
    );
  });

  it("leaves chance out where everything is counted, however near the target", () => {
    const money = {
      ...{ kind: "share" as const, interval: "none" as const, decimals: 1 },
      sentence: { nl: "{period} is {value} uitgegeven ({numerator} van {denominator} euro).", en: "" },
    };
    const spent = "In 2017 is 80,0% uitgegeven (80 van 100 euro). Het streefcijfer is";
    const held = (value: number, judgement: string, fields: Partial<FigureTarget> = {}) =>
      kind(money, { ...of(80, 100), judgement }, { value, ...fields });
    expect(held(0.79, "reached")).toBe(`${spent} 79%. Het streefcijfer is gehaald.`);
    expect(held(0.8, "reached")).toBe(`${spent} 80%. Het streefcijfer is precies gehaald.`);
    expect(held(0.81, "missed")).toBe(`${spent} 81%. Het streefcijfer is niet gehaald.`);
    expect(held(0.78, "reached", { kind: "within", tolerance: 0.05 })).toBe(
      `${spent} 78%, met een marge van 5 procentpunt. Het streefcijfer is gehaald.`,
    );
    const teams = { ...money, kind: "coverage" as const, interval: undefined };
    expect(kind(teams, { ...of(80, 100), judgement: "reached" }, { value: 0.5 })).toMatch(
      / Het streefcijfer is gehaald\.$/,
    );
  });

  it("tells a running count from its target's first day on, and without one from 1 January", () => {
    const running = {
      kind: "cumulative" as const,
      decimals: 0,
      sentence: { nl: "{period} {is|zijn} er {value} gemaakt.", en: "" },
    };
    const goal = { goal: "resultaat", kind: "number", value: 5, from: "2016-01-01", to: "2018-12-31" };
    expect(kind(running, { value: 3, judgement: "no_target" }, goal)).toBe(
      "Van 1 januari 2016 tot en met 31 december 2017 zijn er 3 gemaakt. Het beoogde resultaat voor 31 december 2018 is 5.",
    );
    expect(kind(running, { value: 1, judgement: "no_target" })).toBe(
      "Van 1 januari 2017 tot en met 31 december 2017 is er 1 gemaakt.",
    );
  });

  it("writes a change with its direction", () => {
    const change = {
      kind: "change" as const,
      decimals: 1,
      sentence: { nl: "{period} was de verandering {value}.", en: "" },
    };
    expect(kind(change, { value: 0.256, numerator: 157, denominator: 125 })).toBe("In 2017 was de verandering +25,6%.");
    expect(kind(change, { value: -0.1, numerator: 9, denominator: 10 })).toBe("In 2017 was de verandering -10,0%.");
    expect(kind(change, { value: -0.00001, numerator: 9, denominator: 9 })).toBe("In 2017 was de verandering 0,0%.");
    expect(
      kind(change, { value: 0.3, judgement: "reached_uncertain" }, { goal: "doelstelling", value: 0.25 }),
    ).toContain(" De doelstelling is +25%. ");
  });

  it("tells of a duration what is still open", () => {
    const days = {
      kind: "duration" as const,
      decimals: 0,
      sentence: { nl: "{period} duurde het {value} dagen.", en: "" },
    };
    expect(kind(days, { value: 41.5, denominator: 12, unknown: 3 })).toBe(
      "In 2017 duurde het 42 dagen. 3 zaken lopen nog.",
    );
    expect(kind(days, { value: 41, denominator: 12, unknown: 1 })).toBe(
      "In 2017 duurde het 41 dagen. 1 zaak loopt nog.",
    );
  });

  it("writes a ratio as a number, and one of 1 not as a whole", () => {
    const ratio = {
      kind: "ratio" as const,
      decimals: 2,
      sentence: { nl: "{period} was de verhouding {value}.", en: "" },
    };
    expect(kind(ratio, { value: 1, numerator: 10, denominator: 20 })).toBe("In 2017 was de verhouding 1,00.");
  });
});

describe("sentenceIn(language, …): numbers", () => {
  it.each([
    ["complaints", 0, "In 2017 zijn 0 klachten ontvangen.", "In 2017, 0 complaints were received."],
    ["complaints", 1, "In 2017 is 1 klacht ontvangen.", "In 2017, 1 complaint was received."],
    ["complaints", 1234, "In 2017 zijn 1.234 klachten ontvangen.", "In 2017, 1,234 complaints were received."],
    ["use-of-force", 1, "In 2017 was er 1 geweldsincident.", "In 2017 there was 1 use-of-force incident."],
    ["use-of-force", 2, "In 2017 waren er 2 geweldsincidenten.", "In 2017 there were 2 use-of-force incidents."],
    [
      "discrimination-incidents",
      1,
      "In 2017 is 1 discriminatie-incident geregistreerd.",
      "In 2017, 1 discrimination incident was registered.",
    ],
    [
      "discrimination-complaints",
      1,
      "In 2017 is 1 klacht over discriminatie of etnisch profileren ontvangen.",
      "In 2017, 1 complaint about discrimination or ethnic profiling was received.",
    ],
  ])("%s of %d", (id, value, dutch, english) => {
    const both = said(id, { value, numerator: value });
    expect(both.nl.startsWith(`${dutch} `)).toBe(true);
    expect(both.en.startsWith(`${english} `)).toBe(true);
  });

  it("keeps the number of a rate apart from that of its cases", () => {
    expect(nl("complaints-rate", { value: 0.5, numerator: 1, denominator: 200 })).toContain(
      "In 2017 zijn 0,5 klachten per 100 medewerkers ontvangen (1 klacht).",
    );
    expect(nl("complaints-rate", { value: 1, numerator: 2, denominator: 200 })).toContain(
      "In 2017 zijn 1,0 klachten per 100 medewerkers ontvangen (2 klachten).",
    );
    expect(en("use-of-force-rate", { value: 1, numerator: 1, denominator: 100 })).toContain(
      "executive staff (1 report).",
    );
  });

  it("writes one of one, none and all", () => {
    expect(nl("complaints-founded", of(1, 1))).toContain(
      "In 2017 was 100% van de beoordeelde klachten gegrond of deels gegrond (1 van 1).",
    );
    expect(nl("complaints-founded", of(0, 12))).toContain("In 2017 was 0% van de beoordeelde klachten");
  });

  it("says that there was no one yet", () => {
    expect(nl("leaders-dual", { numerator: 0, denominator: 0, judgement: "no_data" }, {})).toMatch(
      /^In 2017: geen benoem.* bekend is\.$/,
    );
    expect(nl("complaints-founded", { numerator: 0, denominator: 0, judgement: "no_data" })).toMatch(
      /^In 2017: geen klachten met het oordeel /,
    );
    expect(nl("staffing-women", { judgement: "no_data" })).toBe("Op 31 december 2017: geen gegevens.");
    expect(en("staffing-women", { judgement: "no_data" })).toBe("On 31 December 2017: no data.");
  });

  it("gives a share that came alone without numbers, as it came", () => {
    expect(nl("staffing-dual", { value: 0.22, unit_id: "den-haag" })).toBe(
      "Op 31 december 2017 had 22% van de medewerkers een dubbele culturele achtergrond.",
    );
    expect(en("staffing-dual", { value: 0.125 })).toBe(
      "On 31 December 2017, 12.5% of the staff had a dual cultural background.",
    );
  });
});

describe("sentenceIn(language, …): periods", () => {
  it.each([
    ["month", "2016-03-01", "2016-03-31", "In maart 2016", "In March 2016"],
    ["quarter", "2016-01-01", "2016-03-31", "In het eerste kwartaal van 2016", "In the first quarter of 2016"],
    ["quarter", "2016-10-01", "2016-12-31", "In het vierde kwartaal van 2016", "In the fourth quarter of 2016"],
    ["half", "2016-01-01", "2016-06-30", "In de eerste helft van 2016", "In the first half of 2016"],
    ["half", "2016-07-01", "2016-12-31", "In de tweede helft van 2016", "In the second half of 2016"],
    ["year", "2016-01-01", "2016-12-31", "In 2016", "In 2016"],
    [
      "r12",
      "2015-07-01",
      "2016-06-30",
      "In de twaalf maanden tot en met juni 2016",
      "In the twelve months to June 2016",
    ],
    [
      "target",
      "2015-07-01",
      "2016-06-30",
      "Van 1 juli 2015 tot en met 30 juni 2016",
      "From 1 July 2015 to 30 June 2016",
    ],
  ])("%s from %s", (grain, period_start, period_end, dutch, english) => {
    const figure = { grain, period_start, period_end, ...of(56, 250) };
    expect(nl("intake-dual", figure).startsWith(`${dutch} had `)).toBe(true);
    expect(en("intake-dual", figure).startsWith(`${english}, 22.4% `)).toBe(true);
  });

  it("dates a stock by its day, and one that is not there yet by what came before", () => {
    expect(nl("staffing-women", of(30, 100))).toMatch(/^Op 31 december 2017 was 30,0% /);
    expect(nl("staffing-women", { ...of(30, 100), complete: false })).toMatch(
      /^Volgens de laatste stand vóór 31 december 2017 was 30,0% .*\. Voorlopig: de gegevens over deze periode zijn nog niet compleet\.$/,
    );
  });
});

describe("sentenceIn(language, …): what is not shown", () => {
  const withheld = (withheld_reason: string, fields: Partial<Figure> = {}) => ({
    withheld: true,
    withheld_reason,
    judgement: "withheld",
    ...fields,
  });

  it.each([
    ["threshold", "In 2017: niet getoond (te kleine aantallen)."],
    ["sensitive", "In 2017: niet getoond (te kleine aantallen)."],
    [
      "floor",
      "In 2017: niet getoond; voor deze eenheid is dit cijfer er alleen over een langere periode of als totaal.",
    ],
    ["incomplete", "In 2017: niet getoond zolang de periode niet compleet is."],
    ["source", "In 2017: niet getoond door de bron."],
  ])("%s", (reason, wanted) => {
    expect(nl("intake-dual", withheld(reason), {})).toBe(wanted);
    expect(en("intake-dual", withheld(reason), {})).toMatch(/^In 2017: (not shown|withheld)/);
    expect(nl("intake-dual", withheld(reason, { restated: true, complete: false }), {})).toBe(wanted);
  });

  it("says of a band how many at most, or at least, and judges it only where it is judged", () => {
    const low = withheld("band", { denominator: 1037, band_side: "low" });
    const high = withheld("band", { denominator: 37, band_side: "high" });
    expect(nl("intake-dual", low, {})).toBe(
      "In 2017: minder dan 5 van 1.037 (te kleine aantallen om precies te tonen).",
    );
    expect(nl("intake-dual", high, {})).toBe("In 2017: meer dan 32 van 37 (te kleine aantallen om precies te tonen).");
    expect(en("intake-dual", high, {})).toBe("In 2017: more than 32 of 37 (numbers too small to show exactly).");
    expect(nl("intake-dual", { ...low, judgement: "missed" }, {})).toBe(
      "In 2017: minder dan 5 van 1.037 (te kleine aantallen om precies te tonen). Het streefcijfer is 25%. Het streefcijfer is niet gehaald; het verschil is groter dan met toeval te verklaren is.",
    );
  });

  it("never says undefined of a reason that it does not know", () => {
    expect(nl("intake-dual", withheld("band"))).toBe("In 2017: niet getoond (te kleine aantallen).");
  });
});

describe("sentenceIn(language, …): remarks", () => {
  it("says what neither direction means, and what is provisional, restated or taken over", () => {
    expect(nl("complaints", { value: 3, numerator: 3, complete: false, restated: true })).toBe(
      "In 2017 zijn 3 klachten ontvangen. Meer klachten kan betekenen dat klagen makkelijker werd. Voorlopig: de gegevens over deze periode zijn nog niet compleet. Dit cijfer is herzien.",
    );
    expect(nl("complaints", { value: 3, numerator: 3, complete: false, reference: true })).toMatch(
      / Niet van alle voorgangers van deze eenheid zijn er gegevens\.$/,
    );
  });

  it("puts the value of a breakdown before the sentence", () => {
    const fields = { breakdown: "gender", breakdown_value: "woman", ...of(56, 250) };
    expect(nl("intake-dual", fields)).toMatch(/^Geslacht vrouw: in 2017 had 22,4% /);
    expect(en("intake-dual", fields)).toMatch(/^Gender woman: in 2017, 22\.4% /);
    expect(nl("intake-dual", { ...fields, breakdown_value: "nieuw" })).toMatch(/^Geslacht nieuw: in 2017 had /);
  });
});

describe("sentenceIn(language, …): any figure of any indicator", () => {
  it("has no gap, no blame and no certainty about chance", () => {
    const judgements = [
      "reached",
      "reached_uncertain",
      "missed_uncertain",
      "missed",
      "no_target",
      "too_few",
      "no_data",
      "withheld",
    ];
    const figures: Partial<Figure>[] = [
      { value: 0.224, numerator: 56, denominator: 250 },
      { value: 1, numerator: 1, denominator: 1 },
      { value: 0.2 },
      {},
      { numerator: 0, denominator: 0 },
      { withheld: true, withheld_reason: "band", band_side: "low", denominator: 40 },
      ...["threshold", "floor", "incomplete", "source", "sensitive"].map((withheld_reason) => ({
        withheld: true,
        withheld_reason,
      })),
    ];
    for (const each of all.values())
      for (const fields of figures)
        for (const judgement of judgements)
          for (const goal of ["streefcijfer", "resultaat", "afspraak", "doelstelling"])
            for (const grain of ["half", "target"]) {
              const held = target({
                goal,
                status: "proposed",
                kind: each.kind === "count" ? "number" : "at_least",
                to: "2019-12-31",
              });
              const figure = row({
                ...fields,
                judgement,
                grain,
                target: held.value,
                unit_id: "den-haag",
                pace: 0.2,
                complete: false,
              });
              for (const text of Object.values(sentenceOf(figure, each, held))) {
                expect(text).not.toMatch(
                  /[{}|]|undefined|null|NaN| {2}|\.\.| [.,;]|geen toeval|schuld|faalt|slecht|helaas|no chance|blame|fail/,
                );
                expect(text).toMatch(/^\p{Lu}.*\.$/u);
              }
            }
  });
});
