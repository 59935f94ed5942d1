/** Whether somebody has logged out in this tab: then nobody is let in again unasked. Survives the page being loaded anew. */

const KEY = 'marge_left';

export const markLeft = (): void => sessionStorage.setItem(KEY, '1');

export const hasLeft = (): boolean => sessionStorage.getItem(KEY) !== null;

/** Somebody has come in. */
export const forgetLeft = (): void => sessionStorage.removeItem(KEY);
