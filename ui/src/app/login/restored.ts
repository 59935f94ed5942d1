/** Whether the home of this tab has just been restored from a backup: said where one logs in next. Survives the page being loaded anew. */

const KEY = 'marge_restored';

export const markRestored = (): void => sessionStorage.setItem(KEY, '1');

export const wasRestored = (): boolean => sessionStorage.getItem(KEY) !== null;

/** Somebody has come in. */
export const forgetRestored = (): void => sessionStorage.removeItem(KEY);
