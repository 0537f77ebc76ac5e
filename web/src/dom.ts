type Child = Node | string;
type Attributes = Record<string, string | number | boolean>;

/** An element; text is always text, never markup. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false) node.setAttribute(name, String(value));
  }
  node.append(...children);
  return node;
}

/** A part of the page; what goes wrong in it is said there and blanks nothing else. */
export function part(title: string, id: string, build: (into: HTMLElement) => void): HTMLElement {
  const section = el(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    el("h2", { id: `${id}-title` }, title),
  );
  attempt(section, build);
  return section;
}

export function attempt(into: HTMLElement, build: (into: HTMLElement) => void): void {
  try {
    build(into);
  } catch (fault) {
    tell(into, fault);
  }
}

/** Says in its place that something could not be drawn. */
export function tell(into: HTMLElement, fault: unknown, what = "This part"): void {
  const text = fault instanceof Error ? fault.message : String(fault);
  into.append(el("p", { class: "fault", role: "alert" }, `${what} could not be drawn: ${text}.`));
}
