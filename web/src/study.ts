import { chart } from "./charts";
import { el } from "./dom";
import { figure } from "./figures";
import type { Part } from "./main";
import type { Study } from "./model";
import { table } from "./table";

export function studyParts(study: Study): Part[] {
  const parts: Part[] = study.parts.map((one) => ({
    id: one.id,
    name: one.name,
    title: one.title,
    build: (into) =>
      into.append(
        ...(one.note ? [el("p", { class: "note" }, one.note)] : []),
        ...(one.figures.length
          ? [
              el(
                "div",
                { class: "grid" },
                ...one.figures.map((each) => figure(each, study.caption)),
              ),
            ]
          : []),
        ...one.tables.map((each) => table(each)),
      ),
  }));
  const data = study.chart_data;
  if (data) {
    parts.unshift({
      id: "equity-part",
      name: "Equity",
      title: "Equity",
      build: (into) => into.append(...data.charts.map((each) => chart(data, each, study.caption))),
    });
  }
  parts.push({
    id: "how",
    name: "How it was made",
    title: "How it was made",
    build: (into) =>
      into.append(
        el(
          "dl",
          { class: "identity" },
          ...study.identity.flatMap((one) => [
            el("dt", {}, one.label),
            el("dd", {}, el("code", {}, one.value)),
          ]),
        ),
      ),
  });
  return parts;
}
