import { useEffect, useState } from 'react';

/** What is being typed, kept for this browser tab: going to another page and back loses nothing. */
export function useDraft<T>(key: string, initial: T): [T, (value: T) => void] {
  const name = `marge_tools_${key}`;
  const [value, setValue] = useState<T>(() => {
    try {
      const text = sessionStorage.getItem(name);
      return text ? (JSON.parse(text) as T) : initial;
    } catch {
      return initial; // cut off, or written by a former version
    }
  });
  useEffect(() => sessionStorage.setItem(name, JSON.stringify(value)), [name, value]);
  return [value, setValue];
}
