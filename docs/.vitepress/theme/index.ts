// Decides what the site looks like: the default theme, with wide tables and long words held inside the page.
import DefaultTheme from 'vitepress/theme';
import './site.css';

export default DefaultTheme;
