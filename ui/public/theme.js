// Before the first paint: the theme that was chosen in this browser. Runs blocking, so it stays this small.
try {
  const theme = localStorage.getItem('marge_theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // no storage: as the system
}
