import { addedTo, type QuotaUse, type StoreCost } from '../../model/store-cost.ts';
import { formatBytes } from '../../util/format.ts';

/** `180 transformations, 380 used with them`; one line for each quota that the uploads add to. */
export function costLines(cost: StoreCost): string[] {
  return cost.quotas.flatMap((quota) => {
    const added = addedTo(quota, cost);
    if (added === 0) return [];
    const show = (amount: number) => amountOf(amount, quota);
    const limit = quota.limit === undefined ? '' : ` of ${show(quota.limit)}`;
    return [`${quota.name} +${show(added)}, then ${show(quota.used + added)}${limit}`];
  });
}

function amountOf(amount: number, { unit }: QuotaUse): string {
  if (unit === 'bytes') return formatBytes(Math.round(amount));
  return String(amount < 10 ? Math.round(amount * 1_000) / 1_000 : Math.round(amount));
}
