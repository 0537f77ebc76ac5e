import { el } from "./dom";
import type { Table } from "./model";

/** The number that a cell shows; texts compare as texts, absent values go last. */
function key(cell: string): number | string | null {
  if (cell === "–" || cell === "") return null;
  const plain = cell.replace(/\u202f/g, "").replace("−", "-");
  const match = /^[+-]?\d+(\.\d+)?(?=$|[ %×a-z(])/.exec(plain);
  return match ? Number(match[0]) : cell;
}

function compare(a: number | string | null, b: number | string | null): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}

export function table(data: Table, cell?: (column: number, text: string) => Node | undefined): HTMLElement {
  const order = data.rows.map((_, row) => row);
  const body = el("tbody");
  const header = el("tr");
  const fill = () => {
    body.replaceChildren(
      ...order.map((row) =>
        el(
          "tr",
          {},
          ...(data.rows[row] ?? []).map((text, column) => {
            const tone = /^−\d/.test(text) ? " minus" : /^\+\d/.test(text) ? " plus" : "";
            return el("td", { class: (data.columns[column]?.align ?? "left") + tone }, cell?.(column, text) ?? text);
          }),
        ),
      ),
    );
  };
  data.columns.forEach((column, index) => {
    const button = el("button", { type: "button" }, column.label);
    const head = el("th", { scope: "col", class: column.align, "aria-sort": "none" }, button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of header.children) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const own = column.sort === undefined ? undefined : data.sort?.[column.sort];
      const keys = data.rows.map((row, i) => (own ? (own[i] ?? null) : key(row[index] ?? "")));
      order.sort((a, b) => {
        const [x, y] = [keys[a] ?? null, keys[b] ?? null];
        if (x === null || y === null) return x === y ? a - b : x === null ? 1 : -1;
        return (down ? compare(y, x) : compare(x, y)) || a - b;
      });
      fill();
    });
    header.append(head);
  });
  fill();
  const shown = data.rows.length
    ? el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": data.title },
         el("table", {}, el("thead", {}, header), body))
    : el("p", { class: "empty" }, "None.");
  return el("div", { class: "table" }, el("h3", {}, data.title), el("p", { class: "note" }, data.note), shown);
}
