#include "format.h"
#include <string.h>
const char *const format_names[FORMATS] = {"text","layout","tsv","hocr","alto","md"};
int format_needs_words(enum format f){return f!=FORMAT_TEXT;}
void format_begin(const struct format_options *o, struct pc_buf *out){(void)o;(void)out;}
void format_end(const struct format_options *o, struct pc_buf *out){(void)o;(void)out;}
void format_page(const struct format_options *o, const struct page *p, size_t i, struct pc_buf *out){
 (void)o; if(i) pc_buf_add(out,"\f",1); if(p->error[0]) return;
 if(!p->parsed){size_t n=p->length; while(n&&strchr(" \n\f\t\r",p->data[n-1]))n--; pc_buf_add(out,p->data,n); if(n)pc_buf_add(out,"\n",1); return;}
 for(size_t b=0;b<p->block_count;b++){ if(b)pc_buf_add(out,"\n",1); for(size_t l=0;l<p->blocks[b].count;l++){const struct line*L=&p->lines[p->blocks[b].first+l]; for(size_t w=0;w<L->count;w++){const struct word*W=&p->words[L->first+w]; if(w)pc_buf_add(out," ",1); pc_buf_add(out,W->text,W->length);} pc_buf_add(out,"\n",1);} }
}
int page_lay_out(struct page *p){(void)p;return 0;}
