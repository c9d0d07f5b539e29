import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Writes a PNG with 256 colours: a third of the bytes, and the eye does not see it. */
export async function savePicture(file: string, png: Buffer): Promise<void> {
  const picture = await sharp(png).png({ palette: true, quality: 100, effort: 10 }).toBuffer();
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, picture);
  console.log(`${path.relative(ROOT, file)}  ${Math.round(picture.byteLength / 1000)} kB`);
}
