/// <reference types="vite/client" />

declare module 'virtual:icons' {
  const parts: (() => Promise<{ default: Record<string, string> }>)[];
  export default parts;
}

declare module 'virtual:icons/usual' {
  const icons: Record<string, string>;
  export default icons;
}

declare module 'virtual:texts/en' {
  const texts: Record<string, Record<string, unknown>>;
  export default texts;
}

declare module 'virtual:texts/de' {
  const texts: Record<string, Record<string, unknown>>;
  export default texts;
}
