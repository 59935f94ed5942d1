/** What is shown in a circle needs no more than this. */
const SIDE = 512;
const QUALITY = 0.88;

/** The largest square in the middle of a width and a height: `[x, y, side]`. */
export function middleSquare(width: number, height: number): [number, number, number] {
  const side = Math.min(width, height);
  return [Math.round((width - side) / 2), Math.round((height - side) / 2), side];
}

/** The middle of a picture as a small square JPEG. Fails when the browser cannot read it. */
export async function squareOf(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file);
  const [x, y, side] = middleSquare(bitmap.width, bitmap.height);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.min(side, SIDE);
  const context = canvas.getContext('2d');
  if (!context || side === 0) throw new Error('There is nothing to draw on');
  context.fillStyle = 'white'; // what lies behind where a picture is transparent
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, x, y, side, side, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error('It could not be written'))), 'image/jpeg', QUALITY));
}
