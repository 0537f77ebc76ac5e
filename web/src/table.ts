import { downloadCsv } from "./download";
import { el } from "./dom";
import type { Table } from "./model";

const AT_FIRST = 200; // rows; the rest comes when it is asked for
const MOST_CHOICES = 12; // of a column that can be filtered by choice
const TOOLS_FROM = 8; // rows

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

/** Green is a gain, red a loss: of a cost the other way round. */
function colour(text: string, gain: number | undefined): string {
  if (!gain) return "";
  const sign = /^−\d/.test(text) ? -1 : /^\+?\d/.test(text) && /[1-9]/.test(text) ? 1 : 0;
  // A cost is what one expects of a cost: only a negative one is worth a colour.
  if (gain < 0) return sign < 0 ? " plus" : "";
  return sign * gain > 0 ? " plus" : sign * gain < 0 ? " minus" : "";
}

type Cell = (column: number, text: string, row: number) => Node | undefined;

class Sheet {
  readonly element: HTMLElement;
  private order: number[];
  private limit = AT_FIRST;
  private search = "";
  private chosen = new Map<number, string>();
  private body = el("tbody");
  private status = el("p", { class: "note", role: "status" });
  private more = el("button", { type: "button", class: "more" });

  constructor(
    private data: Table,
    private cell?: Cell,
  ) {
    this.order = data.rows.map((_, row) => row);
    const header = el("tr");
    data.columns.forEach((column, index) => header.append(this.heading(header, index, column)));
    this.more.addEventListener("click", () => {
      this.limit = Infinity;
      this.fill();
    });
    this.element = el("div", { class: "table" }, el("h3", {}, data.title));
    if (data.note) this.element.append(el("p", { class: "note" }, data.note));
    if (data.rows.length === 0) {
      this.element.append(el("p", { class: "empty" }, "None."));
      return;
    }
    if (data.rows.length >= TOOLS_FROM) this.element.append(this.tools());
    this.element.append(
      el(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-label": `${data.title}, table` },
        el("table", {}, el("thead", {}, header), this.body),
      ),
      this.status,
      this.more,
    );
    this.fill();
  }

  private heading(header: HTMLElement, index: number, column: Table["columns"][number]) {
    const button = el("button", { type: "button" }, column.label);
    const head = el("th", { scope: "col", class: column.align, "aria-sort": "none" }, button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of header.children) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const { rows, sort } = this.data;
      const own = column.sort === undefined ? undefined : sort?.[column.sort];
      const keys = rows.map((row, i) => (own ? (own[i] ?? null) : key(row[index] ?? "")));
      this.order.sort((a, b) => {
        const [x, y] = [keys[a] ?? null, keys[b] ?? null];
        if (x === null || y === null) return x === y ? a - b : x === null ? 1 : -1;
        return (down ? compare(y, x) : compare(x, y)) || a - b;
      });
      this.fill();
    });
    return head;
  }

  private tools(): HTMLElement {
    const { columns, rows, title } = this.data;
    const search = el("input", {
      type: "search",
      placeholder: "Search",
      "aria-label": `Search in ${title}`,
    });
    search.addEventListener("input", () => {
      this.search = search.value.trim().toLowerCase();
      this.fill();
    });
    const save = el("button", { type: "button" }, "CSV");
    save.setAttribute("aria-label", `Download ${title} as CSV`);
    save.addEventListener("click", () =>
      downloadCsv(title, [
        columns.map(({ label }) => label),
        ...this.shown().map((row) => rows[row] ?? []),
      ]),
    );
    const filters = columns.flatMap((column, index) => {
      if (column.align === "right" || rows.length < 2 * TOOLS_FROM) return [];
      const choices = [...new Set(rows.map((row) => row[index] ?? ""))].sort();
      if (choices.length < 2 || choices.length > MOST_CHOICES) return [];
      const select = el(
        "select",
        { "aria-label": `Filter ${title} by ${column.label}` },
        el("option", { value: "" }, `${column.label}: all`),
        ...choices.map((choice) => el("option", { value: choice }, choice)),
      );
      select.addEventListener("change", () => {
        if (select.value === "") this.chosen.delete(index);
        else this.chosen.set(index, select.value);
        this.fill();
      });
      return [select];
    });
    return el("div", { class: "tools" }, search, ...filters, save);
  }

  private shown(): number[] {
    return this.order.filter((row) => {
      const cells = this.data.rows[row] ?? [];
      for (const [column, text] of this.chosen) if (cells[column] !== text) return false;
      return this.search === "" || cells.some((text) => text.toLowerCase().includes(this.search));
    });
  }

  private fill(): void {
    const { columns, rows } = this.data;
    const all = this.shown();
    const shown = all.slice(0, this.limit);
    this.body.replaceChildren(
      ...shown.map((row) =>
        el(
          "tr",
          {},
          ...(rows[row] ?? []).map((text, column) =>
            el(
              "td",
              {
                class: (columns[column]?.align ?? "left") + colour(text, columns[column]?.gain),
              },
              this.cell?.(column, text, row) ?? text,
            ),
          ),
        ),
      ),
    );
    const parts = [];
    if (all.length < rows.length) parts.push(`${all.length} of ${rows.length} rows match.`);
    if (shown.length < all.length) parts.push(`The first ${shown.length} are shown.`);
    this.status.textContent = parts.join(" ");
    this.more.hidden = shown.length === all.length;
    this.more.textContent = `Show all ${all.length} rows`;
  }
}

export function table(data: Table, cell?: Cell): HTMLElement {
  return new Sheet(data, cell).element;
}
