import { el } from "./dom";
import type { Bar } from "./model";

export function bars(list: Bar[], zero?: number): HTMLElement {
  return el(
    "div",
    { class: "bars", role: "list" },
    ...list.map((bar) =>
      el(
        "div",
        { class: "bar", role: "listitem" },
        el("span", { class: "bar-label" }, bar.label),
        el(
          "span",
          { class: "bar-track", "aria-hidden": "true" },
          el("span", {
            class: `bar-fill ${bar.tone}`,
            style: `left:${bar.left}%;width:${bar.width}%`,
          }),
          ...(zero === undefined
            ? []
            : [el("span", { class: "bar-zero", style: `left:${zero}%` })]),
        ),
        el("span", { class: "bar-value" }, bar.value),
        ...(bar.note ? [el("span", { class: "bar-note" }, bar.note)] : []),
      ),
    ),
  );
}
