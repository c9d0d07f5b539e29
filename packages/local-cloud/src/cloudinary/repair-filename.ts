/**
 * The Cloudinary SDK writes file names into multipart headers as they are, so a quote in a name breaks the header for
 * a strict parser. This stream escapes such quotes on their way to the parser.
 */
import { Transform } from 'node:stream';

const START = Buffer.from('\r\nContent-Disposition: form-data;');
const LINE_MAX_BYTES = 4_096;

export function repairFilenames(): Transform {
  let held = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      held = Buffer.concat([held, chunk]);
      let sent = 0;
      for (;;) {
        const start = held.indexOf(START, sent);
        if (start < 0) break;
        const end = held.indexOf('\r\n', start + 2);
        if (end < 0 && held.length - start < LINE_MAX_BYTES) {
          this.push(held.subarray(sent, start));
          held = held.subarray(start);
          return done();
        }
        const stop = end < 0 ? held.length : end;
        this.push(held.subarray(sent, start));
        this.push(Buffer.from(repairLine(held.toString('latin1', start, stop)), 'latin1'));
        sent = stop;
      }
      // The end may be the beginning of the pattern.
      const safe = Math.max(sent, held.length - START.length + 1);
      this.push(held.subarray(sent, safe));
      held = held.subarray(safe);
      done();
    },
    flush(done) {
      this.push(held);
      done();
    },
  });
}

function repairLine(line: string): string {
  return line.replace(
    /filename="(.*)"$/,
    (_all, name: string) => `filename="${name.replace(/\\?"/g, '%22')}"`,
  );
}
