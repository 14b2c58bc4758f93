from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("stores", "0006_registers_have_tokens"),
    ]

    operations = [
        migrations.AlterField(
            model_name="job",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "確認待ち"),
                    ("waiting", "開始待ち"),
                    ("running", "処理中"),
                    ("done", "完了"),
                    ("cancelled", "中止"),
                    ("failed", "失敗"),
                    ("restored", "復元により終了"),
                ],
                default="waiting",
                max_length=9,
                verbose_name="状態",
            ),
        ),
    ]
