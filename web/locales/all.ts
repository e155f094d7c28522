// The texts of all languages at once: for what serves readers of each.
import en from "./en.json" with { type: "json" };
import nl from "./nl.json" with { type: "json" };
import { giveTexts } from "./text.ts";

giveTexts("nl", nl);
giveTexts("en", en);
