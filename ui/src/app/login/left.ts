/** Whether somebody has just logged out in this tab: then nobody is let in again unasked. Survives the page being loaded anew. */

const KEY = 'marge_left';

export const markLeft = (): void => sessionStorage.setItem(KEY, '1');

/** Asked once. */
export function takeLeft(): boolean {
  const left = sessionStorage.getItem(KEY) !== null;
  sessionStorage.removeItem(KEY);
  return left;
}
