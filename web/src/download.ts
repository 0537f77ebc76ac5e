/** Hands `blob` to the reader as a file; nothing leaves the page. */
export function download(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function fileName(title: string, ending: string): string {
  const plain = title.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "");
  return `toxvol-${plain.toLowerCase()}.${ending}`;
}

/** Numbers as a program reads them: no narrow spaces, an ordinary minus. */
export function csvCell(text: string): string {
  const plain = text === "–" ? "" : text.replace(/\u202f/g, "").replace(/−(?=\d)/g, "-");
  // A leading = + @ is a formula to a spreadsheet; numbers are none.
  const safe = /^[=@\t\r]|^[+-](?!\d)/.test(plain) ? `'${plain}` : plain;
  return /[",\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

export function downloadCsv(title: string, rows: string[][]): void {
  const text = rows.map((row) => row.map(csvCell).join(",")).join("\r\n");
  download(fileName(title, "csv"), new Blob([text + "\r\n"], { type: "text/csv" }));
}

function resolved(text: string): string {
  const style = getComputedStyle(document.documentElement);
  return text.replace(/var\((--[a-z-]+)\)/g, (_, name: string) =>
    style.getPropertyValue(name).trim(),
  );
}

/** The drawing with its title above and the run below, as PNG of twice the size. */
function paint(
  title: string,
  caption: string,
  width: number,
  height: number,
  draw: (context: CanvasRenderingContext2D) => void,
): void {
  const [head, foot, scale] = [34, 22, 2];
  const canvas = document.createElement("canvas");
  canvas.width = width * scale;
  canvas.height = (height + head + foot) * scale;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(scale, scale);
  context.fillStyle = resolved("var(--card)");
  context.fillRect(0, 0, width, height + head + foot);
  context.fillStyle = resolved("var(--ink)");
  context.font = "600 15px system-ui, sans-serif";
  context.fillText(title, 10, 22);
  context.fillStyle = resolved("var(--grey)");
  context.font = "10px system-ui, sans-serif";
  context.fillText(caption, 10, height + head + 14, width - 20);
  context.translate(0, head);
  draw(context);
  canvas.toBlob((blob) => blob && download(fileName(title, "png"), blob), "image/png");
}

export function canvasPng(title: string, caption: string, source: HTMLCanvasElement): void {
  const { clientWidth: width, clientHeight: height } = source;
  paint(title, caption, width, height, (context) => context.drawImage(source, 0, 0, width, height));
}

export function svgPng(title: string, caption: string, source: SVGSVGElement): void {
  const { width, height } = source.viewBox.baseVal;
  const copy = source.cloneNode(true) as SVGSVGElement;
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  copy.setAttribute("font-family", "system-ui, sans-serif");
  const image = new Image();
  image.onload = () =>
    paint(title, caption, width, height, (context) => context.drawImage(image, 0, 0));
  image.src =
    "data:image/svg+xml;charset=utf-8," +
    encodeURIComponent(resolved(new XMLSerializer().serializeToString(copy)));
}
