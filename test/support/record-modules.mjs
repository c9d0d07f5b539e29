/** For `node --import`: writes the address of every module that is loaded to the file that RECORDED_MODULES names. */
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

registerHooks({
  load(url, context, next) {
    appendFileSync(process.env.RECORDED_MODULES, `${url}\n`);
    return next(url, context);
  },
});
